-- NOVUS: dealers of Sverdlovsk region are supplied from Yekaterinburg. What is not there comes from Moscow with the
-- next lorry, which takes two working days more. All others are supplied as the configuration says.

local MOSCOW = "b8a1abcd-1a69-46c7-8da4-f9fc3c6da5d7"
local YEKATERINBURG = "1710cf53-27ac-435a-ba97-c643656412a9"

-- The region's code in 1C.
local SVERDLOVSK = "66"

local LORRY_DAYS = 2

local function handling_days(warehouses, id)
    for _, warehouse in ipairs(warehouses) do
        if warehouse.id == id then
            return warehouse.handling_days
        end
    end
    return 1
end

return {
    api = 1,
    supply_plan = function(ctx)
        if ctx.region == nil or ctx.region.code ~= SVERDLOVSK then
            return {}
        end
        return {
            warehouses = {
                { id = YEKATERINBURG },
                { id = MOSCOW, handling_days = handling_days(ctx.settings.warehouses, MOSCOW) + LORRY_DAYS },
            },
            split = "line",
        }
    end,
}
