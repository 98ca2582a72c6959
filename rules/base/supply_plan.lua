-- From where a dealer is supplied, and how much of what is free he is shown: for everybody and by every delivery method
-- as the configuration says. A rule of the distributor's own says what is other for some; what it leaves out stays.
return {
    api = 1,
    supply_plan = function(ctx)
        local settings = ctx.settings
        local warehouses = {}

        for place, warehouse in ipairs(settings.warehouses) do
            warehouses[place] = { id = warehouse.id, handling_days = warehouse.handling_days }
        end
        return {
            warehouses = warehouses,
            split = settings.split,
            safety = settings.safety,
            horizon_days = settings.horizon_days,
            display = settings.display,
        }
    end,
}
