def write_report(output, *, docs=None, report=None):
    return output
