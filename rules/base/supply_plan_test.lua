return {
    {
        name = "the configuration holds, whoever asks and however it is delivered",
        given = {
            dealer = { id = "dealer", region = { code = "66" } },
            method = { name = "carrier", transit_days = 5 },
            settings = {
                warehouses = { { id = "moscow", handling_days = 1 }, { id = "ural", handling_days = 2 } },
                split = "line",
                safety = qty "5",
                horizon_days = 90,
                display = "steps",
            },
        },
        expect = {
            warehouses = { { id = "moscow", handling_days = 1 }, { id = "ural", handling_days = 2 } },
            split = "line",
            safety = qty "5",
            horizon_days = 90,
            display = "steps",
        },
    },
    {
        name = "where no warehouse promises, none is named",
        given = { settings = { split = "none", horizon_days = 180, display = "exact" } },
        expect = { warehouses = {}, split = "none", safety = 0 },
    },
}
