/* Small blocks serve again; what is kept is bounded. */
#include <criterion/criterion.h>
#include <string.h>

#include "script/pool.h"

static struct pool pool;

static void teardown(void)
{
	pool_empty(&pool);
	cr_assert_eq(pool.bytes, 0);
}

TestSuite(pool, .fini = teardown);

Test(pool, a_block_serves_the_next_of_its_size)
{
	char *a = pool_alloc(&pool, 40);
	memset(a, 1, 40);
	pool_give_back(&pool, a, 40);
	cr_assert_eq(pool.bytes, 48);
	cr_assert_neq((void *)(a = pool_alloc(&pool, 49)), NULL);
	cr_assert_eq(pool.bytes, 48, "another size");
	memset(a, 1, 49);
	char *b = pool_alloc(&pool, 33);
	memset(b, 1, 48);
	cr_assert_eq(pool.bytes, 0);
	pool_give_back(&pool, a, 49);
	pool_give_back(&pool, b, 33);
}

Test(pool, a_block_grows_and_shrinks_with_what_is_in_it)
{
	static const size_t sizes[] = {16, 31, 512, 513, 100000, 513, 512, 17, 1};
	size_t size = 1;
	char *block = pool_alloc(&pool, size);
	*block = 'x';
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		block = pool_resize(block, size, sizes[i]);
		size = sizes[i];
		cr_assert_eq(*block, 'x');
		memset(block + 1, 1, size - 1);
	}
	pool_give_back(&pool, block, size);
}

Test(pool, what_is_kept_is_bounded_and_large_blocks_are_not_kept)
{
	enum { MANY = 1000 };
	void *blocks[MANY];
	for (size_t i = 0; i < MANY; i++)
		blocks[i] = pool_alloc(&pool, 512);
	for (size_t i = 0; i < MANY; i++)
		pool_give_back(&pool, blocks[i], 512);
	cr_assert_eq(pool.bytes, POOL_KEPT);
	pool_empty(&pool);
	pool_give_back(&pool, pool_alloc(&pool, 513), 513);
	cr_assert_eq(pool.bytes, 0);
}
