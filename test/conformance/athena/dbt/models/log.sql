{{ config(materialized='incremental', incremental_strategy='append', format='json', on_schema_change='append_new_columns') }}
select id, status, {{ dbt.current_timestamp() }} as seen_at
{% if is_incremental() %}, day{% endif %}
from {{ ref('staged_orders') }}
{% if is_incremental() %}
where id > (select max(id) from {{ this }})
{% endif %}
