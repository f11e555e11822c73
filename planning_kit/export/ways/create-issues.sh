#!/bin/sh
# Creates the issues that issues.txt lists in the GitHub repository you are in, each once.
#   cd CLONE && sh PLACE/create-issues.sh
# What was created is kept in created.tsv beside this script: run it again, and only what is missing is created. A task is known by its
# name, so that one whose number changed with the plan is not created twice; an issue that is there is not changed.
# GitHub asks for a second between two issues; CREATE_PAUSE=3 waits longer.
# "[task 003]" in a body becomes the number GitHub gave that issue. Titles and bodies are read from files, never by the shell.
set -eu
LC_ALL=C
export LC_ALL

here=$(cd "$(dirname "$0")" && pwd)
created="$here/created.tsv"
tab=$(printf '\t')

refuse() {
  printf 'create-issues: %s\n' "$1" >&2
  exit 2
}

# A sed script that puts the numbers GitHub gave in the place of our own; both are checked to be digits.
numbers() {
  while IFS="$tab" read -r file number _; do
    order=${file%%-*}
    case $order in '' | *[!0-9]*) continue ;; esac
    case $number in '' | *[!0-9]*) continue ;; esac
    printf 's/\\[task %s\\]/#%s/g\n' "$order" "$number"
  done <"$created"
}

# The body of a request, with the numbers that are known by now.
body() {
  sed "$(numbers)" "$here/issues/$1"
}

known() {
  while IFS="$tab" read -r file number _; do
    if [ "$file" = "$1" ] && [ -n "$number" ]; then
      return 0
    fi
  done <"$created"
  return 1
}

# What was created, each row under the name its task has in the plan as it is now; what is no longer in it is put down as dropped.
renamed() {
  awk -F "$tab" -v OFS="$tab" '
    function named(file) { sub(/^(dropped-)?[0-9]+-/, "", file); return file }
    FILENAME == ARGV[1] { now[named($0)] = $0; next }
    $2 ~ /^[0-9]+$/ { $1 = named($1) in now ? now[named($1)] : ($1 ~ /^dropped-/ ? "" : "dropped-") $1 }
    { print }
  ' "$here/issues.txt" "$created"
}

command -v gh >/dev/null 2>&1 || refuse 'gh is not installed: https://cli.github.com'
repository=$(gh repo view --json nameWithOwner --jq .nameWithOwner 2>/dev/null) || repository=''
[ -n "$repository" ] || refuse 'no GitHub repository here: go into a clone of it, and sign in with: gh auth login'
if [ -f "$created" ]; then
  before=$(sed -n 's/^# repository //p' "$created")
  [ "$before" = "$repository" ] || refuse "$created is about $before, and this is $repository: move it away to create the issues here too"
else
  printf '# repository %s\n' "$repository" >"$created"
fi
printf 'create-issues: into %s\n' "$repository"
renamed >"$created.next"
mv "$created.next" "$created"
while IFS="$tab" read -r file number _; do
  case $file in dropped-*) printf '#%s %s: no longer in the plan; close it if nobody needs it\n' "$number" "${file#dropped-}" ;; esac
done <"$created"

while IFS= read -r label; do
  [ -n "$label" ] || continue
  gh api "repos/$repository/labels/$label" >/dev/null 2>&1 </dev/null || gh label create "$label" --repo "$repository" >/dev/null </dev/null
done <"$here/labels.txt"

new=0
while IFS= read -r name; do
  [ -n "$name" ] || continue
  [ -f "$here/issues/$name" ] || refuse "issues/$name is missing: export again"
  if known "$name"; then
    continue
  fi
  state=linked
  if body "$name" | grep -q '\[task [0-9][0-9]*\]'; then
    state=waits
  fi
  number=$(body "$name" | gh api --method POST "repos/$repository/issues" --input - --jq .number)
  case $number in '' | *[!0-9]*) refuse "GitHub gave no number for $name: look whether it was created before you run this again" ;; esac
  printf '%s\t%s\t%s\n' "$name" "$number" "$state" >>"$created"
  printf '#%s %s\n' "$number" "$name"
  new=$((new + 1))
  sleep "${CREATE_PAUSE:-1}"
done <"$here/issues.txt"

# Second pass: those that name an issue created after them.
cp "$created" "$created.before"
while IFS="$tab" read -r name number state; do
  [ "$state" = waits ] && [ -f "$here/issues/$name" ] || continue
  body "$name" | gh api --method PATCH "repos/$repository/issues/$number" --input - >/dev/null
  sed "s/^\($name$tab$number$tab\)waits\$/\1linked/" "$created" >"$created.next"
  mv "$created.next" "$created"
done <"$created.before"
rm -f "$created.before"
printf 'create-issues: %s created\n' "$new"
