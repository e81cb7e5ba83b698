"""What is measured: programs that run in fresh processes and are told by their parent how many days to live."""
