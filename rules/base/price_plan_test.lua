return {
    {
        name = "conditions first, then columns: contract, agreement, dealer, portal",
        given = {
            contract = {
                columns = { "column-contract" },
                conditions = { { match = "group", id = "group-1", percent = -300 } },
            },
            agreement = {
                columns = { "column-agreement" },
                conditions = { { match = "brand", id = "brand-1", percent = -500 } },
            },
            dealer_columns = { "column-dealer" },
            default_column = "column-default",
        },
        expect = {
            { column = "column-contract", match = "group", id = "group-1", percent = -300, source = "contract" },
            { column = "column-agreement", match = "brand", id = "brand-1", percent = -500, source = "agreement" },
            { column = "column-contract", match = "any", percent = 0, source = "contract" },
            { column = "column-agreement", match = "any", source = "agreement" },
            { column = "column-dealer", match = "any", source = "dealer" },
            { column = "column-default", match = "any", source = "default" },
        },
    },
    {
        name = "a narrower condition goes before a wider one",
        given = {
            agreement = {
                columns = { "column" },
                conditions = {
                    { match = "brand", id = "brand", percent = -100 },
                    { match = "group", id = "group", percent = -200 },
                    { match = "price_group", id = "price group", percent = -300 },
                    { match = "item", id = "item", percent = -400 },
                },
            },
        },
        expect = {
            { match = "item" },
            { match = "price_group" },
            { match = "group" },
            { match = "brand" },
            { match = "any" },
        },
    },
    {
        name = "a condition may name a column of its own",
        given = {
            contract = { conditions = { { match = "item", id = "item", price_type = "column-sale" } } },
        },
        expect = { { column = "column-sale", match = "item", percent = 0, source = "contract" } },
    },
    {
        name = "a condition without a column applies to the first one there is",
        given = {
            contract = { conditions = { { match = "item", id = "item", percent = -1000 } } },
            dealer_columns = { "column-dealer" },
            default_column = "column-default",
        },
        expect = { { column = "column-dealer", percent = -1000 }, { source = "dealer" }, { source = "default" } },
    },
    {
        name = "no column anywhere gives no step",
        given = { contract = { conditions = { { match = "item", id = "item", percent = -1000 } } } },
        expect = {},
    },
}
