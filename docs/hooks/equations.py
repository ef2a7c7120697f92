"""Equations ($...$ and $$...$$ in LaTeX) become MathML while building: browsers show it without a script."""

import html
import re

from latex2mathml.converter import convert

INLINE = re.compile(r'<span class="arithmatex">\\\((.*?)\\\)</span>', re.DOTALL)
BLOCK = re.compile(r'<div class="arithmatex">\\\[(.*?)\\\]</div>', re.DOTALL)


def on_page_content(content, page, config, files):
    content = BLOCK.sub(lambda match: convert(html.unescape(match[1]).strip(), display="block"), content)
    return INLINE.sub(lambda match: convert(html.unescape(match[1]).strip()), content)
