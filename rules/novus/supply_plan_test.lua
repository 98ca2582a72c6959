local MOSCOW = "b8a1abcd-1a69-46c7-8da4-f9fc3c6da5d7"
local YEKATERINBURG = "1710cf53-27ac-435a-ba97-c643656412a9"

local settings = {
    warehouses = { { id = MOSCOW, handling_days = 2 }, { id = YEKATERINBURG, handling_days = 1 } },
    split = "none",
    horizon_days = 180,
    display = "exact",
}

local from_yekaterinburg = {
    warehouses = { { id = YEKATERINBURG }, { id = MOSCOW, handling_days = 4 } },
    split = "line",
    display = "exact",
}

return {
    {
        name = "Sverdlovsk region is supplied from Yekaterinburg, and from Moscow two days later",
        given = { region = { code = "66", name = "Свердловская область" }, settings = settings },
        expect = from_yekaterinburg,
    },
    {
        name = "everybody else is supplied as configured",
        given = { region = { code = "59", name = "Пермский край" }, settings = settings },
        expect = {
            warehouses = { { id = MOSCOW, handling_days = 2 }, { id = YEKATERINBURG, handling_days = 1 } },
            split = "none",
        },
    },
    {
        name = "a dealer of no known region too",
        given = { settings = settings },
        expect = { warehouses = { { id = MOSCOW }, { id = YEKATERINBURG } }, split = "none" },
    },
    {
        name = "where Moscow says nothing of its handling, a day is taken",
        given = { region = { code = "66" } },
        expect = { warehouses = { { id = YEKATERINBURG }, { id = MOSCOW, handling_days = 3 } } },
    },
}
