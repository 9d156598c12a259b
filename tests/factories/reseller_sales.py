"""Lines of orders of bicycle resellers in the shape of a data warehouse's export, a third of them sold below cost."""

from datetime import date, timedelta
from random import Random

HEADING = (
    "SalesOrderNumber,OrderDate,ProductKey,ResellerKey,EmployeeKey,SalesTerritoryKey,OrderQuantity,UnitPrice,TotalProductCost,"
    "SalesAmount,StandardCost"
)

SHARE_BELOW_COST = 0.356


def reseller_sales(seed: int, order_count: int) -> str:
    """CSV text of that many orders: two decimals, `NULL` for the cost of the first orders, one row per order and product."""
    random = Random(seed)
    standard_cost = {key: round(random.lognormvariate(4.5, 1.4), 2) for key in range(210, 400)}
    lines = [HEADING]
    for number in range(order_count):
        day = date(2017, 7, 1) + timedelta(days=number * 1060 // order_count)
        reseller, employee, territory = random.randint(1, 700), random.randint(272, 296), random.randint(1, 10)
        for product in sorted(random.sample(sorted(standard_cost), min(random.randint(1, 28), random.randint(1, 28)))):
            cost = standard_cost[product]
            quantity = 1 + int(random.expovariate(0.4))
            below = random.random() < SHARE_BELOW_COST
            price = round(cost * (random.uniform(0.71, 0.99) if below else random.uniform(1.0, 1.68)), 2)
            booked = "NULL" if number < max(1, order_count // 50) else f"{quantity * cost:.2f}"
            lines.append(
                f"SO{43659 + number},{day},{product},{reseller},{employee},{territory},{quantity},{price:.2f},{booked},"
                f"{quantity * price:.2f},{cost:.2f}"
            )
    return "\n".join(lines) + "\n"
