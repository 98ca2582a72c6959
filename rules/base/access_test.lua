return {
    {
        name = "an employee sees the company's orders and changes only his own",
        expect = {
            employee = {
                ["order.view"] = "cabinet",
                ["order.create"] = "own",
                ["order.change"] = "own",
                ["order.cancel"] = "own",
            },
        },
    },
    {
        name = "the head changes any order of the cabinet",
        expect = { head = { ["order.change"] = "cabinet", ["order.cancel"] = "cabinet" } },
    },
    {
        name = "a manager mends any order but sends none",
        expect = { manager = { ["order.change"] = "any", ["order.cancel"] = "any", ["order.create"] = "none" } },
    },
    {
        name = "an admin looks at orders and touches none",
        expect = {
            admin = {
                ["order.view"] = "any",
                ["order.create"] = "none",
                ["order.change"] = "none",
                ["order.cancel"] = "none",
            },
        },
    },
}
