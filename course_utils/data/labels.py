"""The twelve labels of the CMP facades, and the colour of each in a plan."""

PARTS = "cornice sill balcony blind deco molding pillar shop".split()
JET = ((0, 0, 223), (0, 48, 255), (0, 128, 255), (0, 207, 255), (32, 255, 223))
JET += ((112, 255, 143), (191, 255, 64), (255, 239, 0), (255, 159, 0), (255, 80, 0))
JET += ((255, 0, 0), (175, 0, 0))
LABELS = dict(zip(["background", "facade", "window", "door", *PARTS], JET, strict=True))
