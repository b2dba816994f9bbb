"""Groups and representations as immutable expressions: what they do to coordinates, their elements, characters and dimension counts; solved bases."""
