"""Subjects and the data made of them, which simulation, training and testing stand on."""
