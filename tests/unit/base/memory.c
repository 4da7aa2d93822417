#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"

Test(arena, gives_aligned_memory_that_stays_apart)
{
	struct bb_arena *a = arena_new(64);
	char *last = NULL;
	for (size_t i = 1; i < 300; i++) {
		char *p = bb_alloc(a, i);
		cr_assert_eq((uintptr_t)p % BB_ARENA_ALIGN, 0);
		memset(p, (int)i, i);
		if (last)
			cr_assert_eq((unsigned char)last[0], (unsigned char)(i - 1));
		last = p;
	}
	arena_free(a);
}

Test(arena, keeps_its_first_block_when_it_is_reset)
{
	struct bb_arena *a = arena_new(128);
	char *first = bb_alloc(a, 16);
	bb_alloc(a, 100000);
	cr_assert_geq(arena_size(a), 100000);
	arena_reset(a);
	cr_assert_eq(arena_size(a), 128);
	cr_assert_eq((char *)bb_alloc(a, 16), first);
	arena_free(a);
}

Test(arena, prints_as_long_a_text_as_there_is)
{
	struct bb_arena *a = arena_new(16);
	char *long_text = bb_alloc(a, 5001);
	memset(long_text, 'x', 5000);
	long_text[5000] = '\0';
	cr_assert_eq(strlen(arena_printf(a, "<%s>", long_text)), 5002);
	arena_free(a);
}

Test(buf, grows_and_stays_terminated)
{
	struct buf b = {0};
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%d,", i);
	cr_assert_eq(strlen(b.data), b.len);
	cr_assert_eq(b.len, 3890);
	buf_clear(&b);
	cr_assert_str_eq(b.data, "");
	buf_free(&b);
}

Test(buf, reads_a_file_and_names_the_error_of_one_that_is_not_there)
{
	char path[] = "/tmp/busbar-buf-XXXXXX";
	int fd = mkstemp(path);
	cr_assert_eq(write(fd, "hello", 5), 5);
	close(fd);
	struct buf b = {0};
	cr_assert_eq(buf_read_file(&b, path), 0);
	cr_assert_str_eq(b.data, "hello");
	unlink(path);
	cr_assert_eq(buf_read_file(&b, path), -ENOENT);
	buf_free(&b);
}

Test(id, is_unique_and_of_26_characters)
{
	char ids[1000][ID_SIZE];
	for (int i = 0; i < 1000; i++) {
		id_new(ids[i]);
		cr_assert_eq(strlen(ids[i]), 26);
		for (int k = 0; k < i; k++)
			cr_assert_str_neq(ids[i], ids[k]);
	}
}
