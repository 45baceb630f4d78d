"""The domain core: one person's memories, and the only door to them."""
