-- NOVUS: as the base rule, but the manager sees every short line, not only the first, since tile is offered by line:
-- another day, another batch, a substitute.

-- A decision holds eight reasons; two stay free for price and credit.
local SHORT_MAX = 6

return {
    api = 1,
    confirm = function(order)
        local account = order.account
        local reasons = {}

        for _, line in ipairs(order.lines) do
            if line.missing > 0 and #reasons < SHORT_MAX then
                reasons[#reasons + 1] = review("short", { sku = line.sku, missing = as_qty(line.missing) })
            end
        end
        for _, line in ipairs(order.lines) do
            if not line.priced then
                reasons[#reasons + 1] = review("no_price", { sku = line.sku })
                break
            end
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
