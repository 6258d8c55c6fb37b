"""A stand-in for the application: real rows, real files, no features."""
