"""What is measured: programs that each run in a fresh process and are told by their parent how many days to live through."""
