-- Whether an order is confirmed at once. What stands against it goes to the manager, each ground a reason of its own.

local function first(lines, wrong)
    for _, line in ipairs(lines) do
        if wrong(line) then
            return line
        end
    end
end

local function is_short(line)
    return line.missing > 0
end

local function has_no_price(line)
    return not line.priced
end

return {
    api = 1,
    confirm = function(order)
        local account = order.account
        local reasons = {}

        if not order.complete then
            local line = first(order.lines, is_short)
            reasons[#reasons + 1] = review("short", { sku = line.sku, missing = as_qty(line.missing) })
        end
        if not order.priced then
            reasons[#reasons + 1] = review("no_price", { sku = first(order.lines, has_no_price).sku })
        end
        if not account.within then
            reasons[#reasons + 1] = review("credit_limit", {
                limit = as_money(account.limit),
                balance = as_money(account.balance),
                exposure = as_money(account.exposure),
                total = as_money(order.total),
            })
        end
        return #reasons > 0 and reasons or confirm()
    end,
}
