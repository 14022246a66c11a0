{{ config(materialized='table', format='parquet', write_compression='snappy', partitioned_by=['day']) }}
select o.id, o.amount, o.status, c.name as customer, o.day
from {{ ref('staged_orders') }} o
join {{ ref('customers') }} c on c.id = o.customer_id
