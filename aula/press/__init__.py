"""What the book is made with, beside its pages: trends, editions, translations, print."""
