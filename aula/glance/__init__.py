"""A class at a glance: who has begun, who handed in, what fails, and whose answers look alike. It only reads."""
