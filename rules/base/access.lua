-- Who may do what, and on whose things: "own" is what the user sent himself, "cabinet" what his company sent,
-- "any" everything. What is not named is not permitted.
return {
    api = 1,
    access = function()
        return {
            employee = {
                ["catalogue.view"] = "any",
                ["order.view"] = "cabinet",
                ["order.create"] = "own",
                ["order.change"] = "own",
                ["order.cancel"] = "own",
            },
            head = {
                ["catalogue.view"] = "any",
                ["order.view"] = "cabinet",
                ["order.create"] = "own",
                ["order.change"] = "cabinet",
                ["order.cancel"] = "cabinet",
            },
            manager = {
                ["catalogue.view"] = "any",
                ["order.view"] = "any",
                ["order.change"] = "any",
                ["order.cancel"] = "any",
            },
            admin = {
                ["catalogue.view"] = "any",
                ["order.view"] = "any",
            },
        }
    end,
}
