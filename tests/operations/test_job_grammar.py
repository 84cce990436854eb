"""Jobs: programs that run as they are written, what they do, and what a job cannot do."""

import pytest

from bot.operations.effect import Effect
from bot.operations.job.nouns import Job
from bot.operations.line import read_line
from bot.operations.refusal import LineRefused


def test_a_job_is_its_program_and_its_words() -> None:
    assert read_line('npm run db:logs -- --since="1 hour ago"').operation == Job(
        "npm", ("run", "db:logs", "--", "--since=1 hour ago")
    )
    assert read_line("npm run-script build") == read_line("npm run build")


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("df -h", Effect.READ),
        ("which convert", Effect.READ),
        ("git log --oneline -10", Effect.READ),
        ("git log --output=x", Effect.WRITE),
        ("git checkout main", Effect.WRITE),
        ("git reset --hard", Effect.DESTROY),
        ("git push --force", Effect.DESTROY),
        ("aws s3 ls s3://b/", Effect.READ),
        ("aws s3 cp s3://b/x /tmp/", Effect.WRITE),
        ("aws s3 rm s3://b/x", Effect.DESTROY),
        ("aws s3 sync a s3://b --delete", Effect.DESTROY),
        ("aws rds describe-db-instances", Effect.READ),
        ("aws rds delete-db-instance --db-instance-identifier x", Effect.DESTROY),
        ("aws --profile x s3 ls", Effect.WRITE),
        ("gcloud sql instances list", Effect.READ),
        ("gcloud sql instances patch x --tier=y", Effect.WRITE),
        ("gcloud sql instances delete x", Effect.DESTROY),
        ("docker compose logs backend --tail=100", Effect.READ),
        ("docker compose up -d", Effect.WRITE),
        ("docker compose down -v", Effect.DESTROY),
        ("docker system prune -f", Effect.DESTROY),
        ("docker run --rm x", Effect.WRITE),
        ("docker stats", Effect.WRITE),
        ("trivy image shop/backend:latest", Effect.READ),
        ("trivy image -o out shop/backend", Effect.WRITE),
        ("npm audit", Effect.READ),
        ("npm audit fix", Effect.WRITE),
        ("npm run", Effect.READ),
        ("npm run build", Effect.WRITE),
        ("npm run db:stats", Effect.WRITE),
        ("k6 run x.js", Effect.WRITE),
        ("pg_dump shop", Effect.WRITE),
        ("pg_restore -l x.dump", Effect.READ),
        ("pg_restore -l -d shop x.dump", Effect.DESTROY),
        ("pg_restore -d shop x.dump", Effect.DESTROY),
        ("dropdb shop", Effect.DESTROY),
        ("createdb shop", Effect.WRITE),
        ("gunzip -c x.gz", Effect.READ),
        ("gunzip x.gz", Effect.WRITE),
        ("find /tmp -name x", Effect.READ),
        ("find /tmp -delete", Effect.DESTROY),
        ("find /tmp -exec x", Effect.WRITE),
        ("node -e x", Effect.WRITE),
        ("node --version", Effect.READ),
        ("node --version --experimental-loader=./x.mjs", Effect.WRITE),
        ("git log --ext-dif", Effect.WRITE),
        ("git show --textcon", Effect.WRITE),
        ("npm view x --node-opt=x", Effect.WRITE),
        ("trivy image --generate-default-config", Effect.WRITE),
        ("trivy fs -c x.yml .", Effect.WRITE),
        ("job kubectl get pods", Effect.DESTROY),
        ("helm uninstall x", Effect.DESTROY),
        ("helm list", Effect.READ),
    ],
)
def test_effects_are_never_lower_than_the_truth(text: str, effect: Effect) -> None:
    assert read_line(text).effect is effect


@pytest.mark.parametrize(
    ("text", "word", "instead"),
    [
        ("npm run logs:search --type=error", "--type=error", "write npm run logs:search -- --type=error"),
        ('npm run x --a="1 h" --b=2 y', "--a=1 h", 'write npm run x y -- "--a=1 h" --b=2'),
        ("npm test --grep=x", "--grep=x", "write npm test -- --grep=x"),
        ("gunzip -c backup_*.sql.gz", "backup_*.sql.gz", "name the file"),
        ("tail -f x.log", "-f", "tail -n 100"),
        ("tail -F x.log", "-F", "tail -n 100"),
        ("docker compose logs -f backend", "-f", "--tail=100"),
        ("docker run -it x", "-it", "leave it out"),
        ("npm run x -- --token=abc", "--token", "$API_TOKEN"),
        ("npm run x -- --password abc", "--password", "$API_TOKEN"),
    ],
)
def test_what_a_job_cannot_do_is_refused(text: str, word: str, instead: str) -> None:
    with pytest.raises(LineRefused) as caught:
        read_line(text)
    assert caught.value.word == word
    assert instead in caught.value.instead


@pytest.mark.parametrize(
    "text",
    [
        "npm run --silent build",
        "npm run build --silent",
        "npm run build -w web",
        "npm --prefix app run build",
        "npm run x -- --token=$API_TOKEN",
        "npm run x -- --token <api-token>",
        "docker compose -f x.yml up -d",
        "find . -name '*.log'",
        "yarn run x --flag=1",
        "pnpm run x --flag=1",
        "grep -f patterns x.log",
    ],
)
def test_flags_that_work_are_left_alone(text: str) -> None:
    assert isinstance(read_line(text).operation, Job)
