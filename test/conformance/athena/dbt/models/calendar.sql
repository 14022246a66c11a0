{{ config(materialized='table', format='textfile', field_delimiter='|', write_compression='none', ha=true) }}
select
    id,
    {{ dbt.dateadd('day', 1, 'ordered_at') }} as tomorrow,
    {{ dbt.datediff("ordered_at", "timestamp '2026-02-01 00:00:00'", 'day') }} as days_left,
    {{ dbt.date_trunc('month', 'ordered_at') }} as month,
    {{ dbt.hash('status') }} as digest,
    {{ dbt.safe_cast("status", api.Column.translate_type("integer")) }} as number,
    {{ dbt.concat(['status', "'-'", 'cast(id as varchar)']) }} as label
from {{ ref('staged_orders') }}
