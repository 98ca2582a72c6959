return { api = 1, confirm = function(order)
    local n, s, t = 0, '', {}
    for i, line in ipairs(order.lines) do n = n + line.asked * i // 3 end
    for i = 1, 50 do t[#t + 1] = i % 7 s = s .. i end
    while n > 0 do n = n >> 1 end
    repeat n = n + 1 until n > 10 or t[n] == nil
    table.sort(t, function(a, b) return a > b end)
    for k, v in pairs({ a = 1, [2] = 'x', b = { 1, 2 } }) do t[k] = v end
    return n > 5 and { review('short', { n = n, s = s:sub(1, 20), q = as_qty(qty '1.5') }), review('x') } or confirm()
end }
