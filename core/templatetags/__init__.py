"""Template tags: the component kit, and the sample data of its gallery."""
