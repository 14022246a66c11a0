select * from {{ ref('orders_of_day') }} where amount <= 0
