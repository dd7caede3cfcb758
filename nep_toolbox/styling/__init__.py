"""What results look like: colours, legends, names."""
