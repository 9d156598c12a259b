"""Invented firms that buy the categories and do not buy from the sample company. Any likeness to a real firm is chance."""

PROSPECTS = (
    ("prospect-01", "Harbor and Pine Gifts", "Gift Store", "Rockland", "Northeast", 38, 9_500_000),
    ("prospect-02", "Blue Kettle Novelty", "Novelty Shop", "Erie", "Northeast", 22, 5_200_000),
    ("prospect-03", "Old Mill Toy Company", "Novelty Shop", "Dayton", "Midwest", 64, 18_400_000),
    ("prospect-04", "Prairie Lantern Stores", "Supermarket", "Salina", "Midwest", 210, 96_000_000),
    ("prospect-05", "Copper Gate Supermarkets", "Supermarket", "Tucson", "West", 480, 210_000_000),
    ("prospect-06", "Juniper Row Gifts", "Gift Store", "Boise", "West", 17, 3_800_000),
    ("prospect-07", "Sandpiper Party Supply", "Novelty Shop", "Wilmington", "South", 29, 7_100_000),
    ("prospect-08", "North Fork Computers", "Computer Store", "Fargo", "Midwest", 85, 31_000_000),
    ("prospect-09", "Granite State Toys", "Novelty Shop", "Keene", "Northeast", 41, 10_600_000),
    ("prospect-10", "Magnolia Lane Markets", "Supermarket", "Mobile", "South", 320, 140_000_000),
    ("prospect-11", "Cedar and Finch", "Gift Store", "Madison", "Midwest", 12, 2_400_000),
    ("prospect-12", "Lakeside Office Supply", "Corporate", "Duluth", "Midwest", 150, 62_000_000),
    ("prospect-13", "Red Canyon Novelties", "Novelty Shop", "Moab", "West", 26, 6_300_000),
    ("prospect-14", "Silver Birch Packaging", "Corporate", "Manchester", "Northeast", 95, 40_000_000),
    ("prospect-15", "Mesa Verde Gifts", "Gift Store", "Durango", "West", 19, 4_099_999),
    ("prospect-16", "Bayou Bright Toys", "Novelty Shop", "Lafayette", "South", 33, 8_800_000),
    ("prospect-17", "Foxglove Fun Shops", "Novelty Shop", "Athens", "South", 58, 15_200_000),
    ("prospect-18", "Timberline Packing", "Corporate", "Bend", "West", 130, 51_000_000),
    ("prospect-19", "Cobalt Street Computers", "Computer Store", "Albany", "Northeast", 74, 27_000_000),
    ("prospect-20", "Sunrise Dry Goods", "Supermarket", "Macon", "South", 260, 118_000_000),
    ("prospect-21", "Pelican Point Souvenirs", "Gift Store", "Galveston", "South", 14, 3_100_000),
    ("prospect-22", "Maple Hollow Toys", "Novelty Shop", "Burlington", "Northeast", 21, 4_900_000),
    ("prospect-23", "Highline Shipping Supply", "Corporate", "Spokane", "West", 110, 44_000_000),
    ("prospect-24", "Quarry Lane Gifts", "Gift Store", "Bloomington", "Midwest", 16, 3_600_000),
)
"""Key, name, category, city, region, employees, yearly sales in USD."""
