local function line(sku, missing)
    return { sku = sku, missing = qty(missing), priced = true }
end

return {
    {
        name = "the order of the first screen is confirmed: 70 from the receipt, 30 from stock",
        given = {
            lines = { { sku = "NV-6060-01", asked = qty "100", promised = qty "100", priced = true } },
            complete = true,
            priced = true,
            account = { within = true },
        },
        expect = { verdict = "confirm" },
    },
    {
        name = "every short line is named",
        given = {
            lines = { line("A", "5"), line("B", "0"), line("C", "1.44") },
            priced = true,
            account = { within = true },
        },
        expect = {
            verdict = "review",
            reasons = {
                { code = "short", params = { sku = "A", missing = qty "5" } },
                { code = "short", params = { sku = "C", missing = qty "1.44" } },
            },
        },
    },
    {
        name = "of many short lines six are named, and what else is wrong still is",
        given = {
            lines = {
                line("A", "1"), line("B", "1"), line("C", "1"), line("D", "1"), line("E", "1"), line("F", "1"),
                line("G", "1"), { sku = "H" },
            },
        },
        because = { "short", "short", "short", "short", "short", "short", "no_price", "credit_limit" },
    },
}
