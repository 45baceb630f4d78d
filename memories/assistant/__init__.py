"""What answers in a chat: the offline assistant, or a connected language model."""
