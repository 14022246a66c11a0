{{ config(materialized='view') }}
select id, customer_id, amount, status, ordered_at, cast(ordered_at as date) as day
from {{ ref('orders') }}
where cast(ordered_at as date) <= date '{{ var("today") }}'
