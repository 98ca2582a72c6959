local good_line = { sku = "NV-1", asked = qty "100", promised = qty "100", priced = true }
local short_line = { sku = "NV-2", asked = qty "100", promised = qty "88", missing = qty "12", priced = true }
local free_line = { sku = "NV-3", asked = qty "1", promised = qty "1" }

return {
    {
        name = "what can be promised, priced and owed is confirmed",
        given = { lines = { good_line }, complete = true, priced = true, account = { within = true } },
        expect = { verdict = "confirm" },
    },
    {
        name = "a short line goes to the manager with what is missing",
        given = { lines = { good_line, short_line }, priced = true, account = { within = true } },
        expect = {
            verdict = "review",
            reasons = { { code = "short", params = { sku = "NV-2", missing = qty "12" } } },
        },
        because = { "short" },
    },
    {
        name = "a line without a price goes to the manager",
        given = { lines = { good_line, free_line }, complete = true, account = { within = true } },
        expect = { reasons = { { params = { sku = "NV-3" } } } },
        because = { "no_price" },
    },
    {
        name = "an order above the credit limit goes to the manager with the figures",
        given = {
            lines = { good_line },
            complete = true,
            priced = true,
            total = money "120000.00",
            account = {
                limited = true,
                limit = money "500000.00",
                balance = money "350000.00",
                exposure = money "50000.00",
            },
        },
        expect = {
            reasons = {
                {
                    params = {
                        limit = money "500000.00",
                        balance = money "350000.00",
                        exposure = money "50000.00",
                        total = money "120000.00",
                    },
                },
            },
        },
        because = { "credit_limit" },
    },
    {
        name = "every ground is named",
        given = { lines = { short_line, free_line } },
        expect = { verdict = "review" },
        because = { "short", "no_price", "credit_limit" },
    },
}
