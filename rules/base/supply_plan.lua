-- From where a dealer is supplied, and how much of what is free he is shown: for everybody and by every delivery method
-- as the configuration says, which holds wherever a rule says nothing. A rule of the distributor's own may answer
-- { warehouses = { { id = GUID, handling_days = 1 }, ... }, split = "none", safety = qty "0", horizon_days = 180,
-- display = "exact" }, or some of it.
return {
    api = 1,
    supply_plan = function(ctx)
        return {}
    end,
}
