-- Where a price comes from, the first step that fits and has a price wins: conditions of the contract, conditions of
-- the agreement, then the columns of the contract, the agreement and the dealer, then the portal's own column.

-- A narrower condition goes before a wider one.
local NARROW_FIRST = { "item", "price_group", "group", "brand" }

-- A condition that names no column changes the price of <base>.
local function add_conditions(steps, source, conditions, base)
    for _, match in ipairs(NARROW_FIRST) do
        for _, condition in ipairs(conditions) do
            local column = condition.price_type or base
            if condition.match == match and column then
                steps[#steps + 1] = {
                    column = column,
                    match = match,
                    id = condition.id,
                    percent = condition.percent,
                    source = source,
                }
            end
        end
    end
end

local function add_columns(steps, source, columns)
    for _, column in ipairs(columns) do
        steps[#steps + 1] = { column = column, source = source }
    end
end

return {
    api = 1,
    price_plan = function(ctx)
        local contract, agreement = ctx.contract, ctx.agreement
        local steps = {}
        local agreed = agreement and agreement.columns[1]
        local otherwise = ctx.dealer_columns[1] or ctx.default_column

        add_conditions(steps, "contract", contract.conditions, contract.columns[1] or agreed or otherwise)
        if agreement then
            add_conditions(steps, "agreement", agreement.conditions, agreed or contract.columns[1] or otherwise)
        end
        add_columns(steps, "contract", contract.columns)
        if agreement then
            add_columns(steps, "agreement", agreement.columns)
        end
        add_columns(steps, "dealer", ctx.dealer_columns)
        if ctx.default_column then
            steps[#steps + 1] = { column = ctx.default_column, source = "default" }
        end
        return steps
    end,
}
