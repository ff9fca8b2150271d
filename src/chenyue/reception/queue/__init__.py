"""The queue of a sitting: tickets, their order, waiting times, calls, and what is left at the end."""
