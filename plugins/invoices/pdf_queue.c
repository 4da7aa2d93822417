#include "pdf_queue.h"

#include "pdf.h"

#define AT_ONCE 2
#define WAITING_MOST 100

struct pdf_job {
	struct bb_rest *r;
	const struct bb_json *pieces;
	const char *created_at;
	struct pdf pdf;
	int err;
	struct pdf_job *next;
};

static void start(struct invoices *p);

static void work(void *arg)
{
	struct pdf_job *job = arg;
	job->err = pdf_render(job->pieces, job->created_at, &job->pdf);
}

static void fail(struct pdf_job *job)
{
	const struct invoices *p = job->r->self;
	if (job->err == -EFBIG) {
		bb_rest_fail(job->r, "409", "the document has too many pages for a PDF");
		return;
	}
	p->api->log(p->me, BB_ERROR, "a PDF could not be made: %s",
		    job->err == -ENOENT ? "there are no fonts on this machine"
					: strerror(-job->err));
	bb_rest_fail(job->r, "500", "the PDF could not be made");
}

static void done(void *arg)
{
	struct pdf_job *job = arg;
	struct invoices *p = job->r->self;
	p->pdfs--;
	if (job->err) {
		fail(job);
	} else {
		unsigned char *bytes = job->pdf.bytes;
		p->api->reply_bytes(job->r->call, "application/pdf", bytes, job->pdf.len);
		bb_rest_done(job->r, NULL);
		free(bytes);
	}
	start(p);
}

static void start(struct invoices *p)
{
	while (p->pdfs < AT_ONCE && p->pdf_first) {
		struct pdf_job *job = p->pdf_first;
		p->pdf_first = job->next;
		p->pdf_waiting--;
		p->pdfs++;
		if (p->api->offload(p->me, work, done, job) < 0) {
			job->err = -EAGAIN;
			p->pdfs--;
			bb_rest_fail(job->r, "503", "the server stops");
		}
	}
}

void pdf_answer(struct bb_rest *r, const struct bb_json *pieces, const char *created_at)
{
	struct invoices *p = r->self;
	if (p->pdf_waiting >= WAITING_MOST) {
		bb_rest_fail(r, "503", "too many PDFs are being made; try again");
		return;
	}
	struct pdf_job *job = bb_zalloc(r->arena, sizeof *job);
	struct pdf_job **at = &p->pdf_first;
	job->r = r;
	job->pieces = pieces;
	job->created_at = created_at;
	while (*at)
		at = &(*at)->next;
	*at = job;
	p->pdf_waiting++;
	start(p);
}

void pdf_stop(struct invoices *p)
{
	while (p->pdf_first) {
		struct pdf_job *job = p->pdf_first;
		p->pdf_first = job->next;
		bb_rest_fail(job->r, "503", "the server stops");
	}
	p->pdf_waiting = 0;
}
