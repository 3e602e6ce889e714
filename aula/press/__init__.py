"""The book: its pages, and what it is made with: trends, editions, translations, print."""
