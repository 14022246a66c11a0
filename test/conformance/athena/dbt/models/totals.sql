{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['day']) }}
select count(*) as orders, sum(amount) as amount, array_agg(distinct status order by status) as statuses, day
from {{ ref('staged_orders') }}
{% if is_incremental() %}
where day >= (select max(day) from {{ this }})
{% endif %}
group by day
