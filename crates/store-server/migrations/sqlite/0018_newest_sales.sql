-- The newest sales of a store, in the order in which they arrived, without sorting them all.

CREATE INDEX sales_by_arrival ON sales (store_id, sale_no);
