/**
 * $1 directory, $2 repository, $3 remote, $4 what the version is: `branch`, `tag` or `commit`, $5 its name, $6 its commit, or nothing where that is not
 * known, $7 what is to be done: `clone` or `update`, $8 the depth or nothing, then words, each `yes` or nothing: $9 bare, then force, single branch,
 * submodules, submodules as their remotes have them; then a repository to borrow from and a refspec, or nothing. Prints the commit that is then checked out.
 */
export const GIT_SCRIPT = `dest=$1 repo=$2 remote=$3 kind=$4 name=$5 commit=$6 verb=$7 depth=$8 bare=$9
shift 9
force=$1 single=$2 submodules=$3 track=$4 reference=$5 refspec=$6
die() { printf '%s\\n' "$1" >&2; exit 1; }
bring() { git fetch -q \${depth:+--depth "$depth"} \${force:+--force} "$@" >&2; }
if [ $verb = clone ]; then
  mkdir -p "\${dest%/*}/" || exit 1
  if [ $kind = branch ] || [ $kind = tag ]; then branch=$name; else branch=; fi
  at=$depth
  [ $kind != commit ] || at=
  git clone -q \${bare:+--bare} --origin "$remote" \${at:+--depth "$at"} \${single:+--single-branch} \${branch:+--branch "$branch"} \\
    \${reference:+--reference "$reference"} -- "$repo" "$dest" >&2 || exit 1
  cd "$dest" || exit 1
  [ -z "$bare" ] || git config "remote.$remote.url" "$repo" || exit 1
else
  cd "$dest" || exit 1
  if git config --get "remote.$remote.url" >/dev/null; then
    [ "$(git config --get "remote.$remote.url")" = "$repo" ] || git remote set-url "$remote" "$repo" || exit 1
  elif [ -n "$bare" ]; then git config "remote.$remote.url" "$repo" || exit 1
  else git remote add "$remote" "$repo" || exit 1; fi
  if [ -n "$bare" ]; then bring "$remote" '+refs/heads/*:refs/heads/*' '+refs/tags/*:refs/tags/*' || exit 1
  else
    if [ -n "$force" ] && git rev-parse -q --verify HEAD >/dev/null; then git reset -q --hard HEAD >&2 || exit 1; fi
    case $kind in
      branch) bring "$remote" "+refs/heads/$name:refs/remotes/$remote/$name" || exit 1 ;;
      tag) bring "$remote" "+refs/tags/$name:refs/tags/$name" || exit 1 ;;
    esac
    [ -n "$depth" ] || { bring "$remote" && bring --tags "$remote"; } || exit 1
  fi
fi
if [ -n "$refspec" ]; then bring "$remote" "$refspec" || exit 1; fi
if [ -z "$bare" ]; then
  if [ $kind = commit ] && ! git cat-file -e "$name^{commit}" 2>/dev/null; then
    bring "$remote" "$name" || { depth=; bring "$remote"; } || exit 1
  fi
  case $kind in
    branch)
      if git show-ref -q --verify "refs/heads/$name"; then
        git checkout -q --force "$name" -- >&2 && git reset -q --hard "refs/remotes/$remote/$name" -- >&2 || exit 1
      else
        # A shallow clone fetches one branch only, so that git would not take another one for one to follow.
        git checkout -q --force --no-track -b "$name" "refs/remotes/$remote/$name" >&2 &&
          git config "branch.$name.remote" "$remote" && git config "branch.$name.merge" "refs/heads/$name" || exit 1
      fi ;;
    tag) git checkout -q --force "refs/tags/$name" -- >&2 || exit 1 ;;
    commit) git checkout -q --force "$name" -- >&2 || die "Failed to checkout $name" ;;
  esac
  if [ -n "$submodules" ] && [ -e .gitmodules ]; then
    git submodule -q sync --recursive >&2 && git submodule -q update --init --recursive \${force:+--force} \${track:+--remote} >&2 || exit 1
  fi
fi
git rev-parse HEAD
`
