-- Whether a restriction from 1C keeps this dealer from buying. A ban holds for everybody in its regions, an exclusive
-- for all but its holders. Where nobody knows the region, a restriction is taken to hold there.
return {
    api = 1,
    exclusivity = function(ctx)
        local restriction = ctx.restriction
        local holds = restriction.everywhere or restriction.in_region or ctx.region == nil

        if not holds then
            return allow()
        end
        if restriction.kind == "ban" then
            return deny("banned", { restriction = restriction.name })
        end
        if restriction.holder then
            return allow()
        end
        return deny("exclusive", { restriction = restriction.name, holder = restriction.holder_name })
    end,
}
