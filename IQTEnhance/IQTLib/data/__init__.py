"""What simulation, training and testing stand on: subjects, their scans, splits and pairs."""
