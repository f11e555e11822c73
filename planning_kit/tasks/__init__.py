"""Task plans: makers, and behind each maker the critique that checks it."""
