return { api = 1, confirm = function(order)
    local parts = ('a,b,,c'):split(',')
    local s = table.concat(parts, '-', 2, 3) .. string.format('%5.2f|%-8s|%q|%x', 1.5, 'z', 'я\n', 255)
    if s:find('b', -3) or s:starts_with('b') then s = s:upper():reverse():rep(3, '+') end
    goto done
    do s = nil end
    ::done::
    return review('texts', { s = s, m = as_money(money '1234.56'), d = as_day(day '2026-04-17'), hold = false })
end }
