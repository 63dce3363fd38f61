"""The values and pure rules of the model."""
