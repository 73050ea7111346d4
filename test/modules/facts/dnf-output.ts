/** What dnf 4.14 and dnf 5.4 print with `--assumeno`, and yum 3.4 by its documentation; a line with the exit status ends each. */
export const OUTPUT = {
  DNF4_INSTALL: `a                                                96 kB/s | 1.1 kB     00:00    
b                                               112 kB/s | 1.7 kB     00:00    
Dependencies resolved.
======================================================================================================
 Package                                                  Arch    Version                     Repo
                                                                                                  Size
======================================================================================================
Installing:
 greet                                                    noarch  1.0-1                       a  6.0 k
 hello                                                    noarch  1.1-1                       b  6.0 k
 hello-a-name-that-is-far-too-long-for-the-table-of-dnf   noarch  2.0.0.0.0.0.0.0.0.0.0.0.1-1 b  6.3 k

Transaction Summary
======================================================================================================
Install  3 Packages

Total size: 18 k
Installed size: 34  
Operation aborted.
status 1
`,

  DNF4_UPGRADE: `Last metadata expiration check: 0:00:03 ago on Mon Nov 23 12:07:29 2026.
Dependencies resolved.
================================================================================
 Package            Architecture        Version            Repository      Size
================================================================================
Upgrading:
 hello              noarch              1.1-1              b              6.0 k

Transaction Summary
================================================================================
Upgrade  1 Package

Total size: 6.0 k
Operation aborted.
status 1
`,

  DNF4_REMOVE: `Dependencies resolved.
================================================================================
 Package           Architecture       Version              Repository      Size
================================================================================
Removing:
 greet             noarch             1.0-1                @a               4  
Removing dependent packages:
 hello             noarch             1.0-1                @a               4  

Transaction Summary
================================================================================
Remove  2 Packages

Freed space: 8  
Operation aborted.
status 1
`,

  DNF4_OBSOLETE: `Last metadata expiration check: 0:00:36 ago on Mon Nov 23 12:07:29 2026.
Dependencies resolved.
================================================================================
 Package            Architecture       Version              Repository     Size
================================================================================
Installing:
 hello2             noarch             2:2.0-1              b             6.1 k
     replacing  hello3.noarch 1.0-1

Transaction Summary
================================================================================
Install  1 Package

Total size: 6.1 k
Operation aborted.
status 1
`,

  DNF4_GROUP: `Last metadata expiration check: 0:00:34 ago on Mon Nov 23 12:07:29 2026.
No packages marked for removal.
Dependencies resolved.
================================================================================
 Package           Architecture     Version             Repository         Size
================================================================================
Removing Groups:
 Greeting Tools                                                                

Transaction Summary
================================================================================

Operation aborted.
status 1
`,

  DNF4_DOWNGRADE: `Last metadata expiration check: 0:00:35 ago on Mon Nov 23 12:07:29 2026.
Dependencies resolved.
======================================================================================================
 Package                                                  Arch    Version                     Repo
                                                                                                  Size
======================================================================================================
Installing:
 hello-a-name-that-is-far-too-long-for-the-table-of-dnf   noarch  2.0.0.0.0.0.0.0.0.0.0.0.1-1 b  6.3 k
Downgrading:
 hello                                                    noarch  1.0-1                       a  6.0 k

Transaction Summary
======================================================================================================
Install    1 Package
Downgrade  1 Package

Total size: 12 k
Operation aborted.
status 1
`,

  DNF4_NOTHING: `Last metadata expiration check: 0:00:02 ago on Mon Nov 23 12:07:29 2026.
Package hello-1.0-1.noarch is already installed.
Dependencies resolved.
Nothing to do.
Complete!
status 0
`,

  DNF4_MISSING: `Last metadata expiration check: 0:00:02 ago on Mon Nov 23 12:07:29 2026.
Package hello-1.0-1.noarch is already installed.
No match for argument: nope
Error: Unable to find a match: nope
status 1
`,

  DNF4_BROKEN: `Last metadata expiration check: 0:00:04 ago on Mon Nov 23 12:07:29 2026.
Package hello2-2:2.0-1.noarch is already installed.
Error: 
 Problem: conflicting requests
  - nothing provides nowhere needed by broken-1-1.noarch
(try to add '--skip-broken' to skip uninstallable packages)
status 1
`,

  DNF5_UPGRADE: `Updating and loading repositories:
 Local libdnf5 plugin repo (nogpgcheck) 100% |   0.0   B/s |   1.5 KiB |  00m00s
Repositories loaded.
Package            Arch   Version Repository      Size
Upgrading:
 hello             noarch 0:1.1-1 b            4.0   B
   replacing hello noarch 0:1.0-1 a            4.0   B

Transaction Summary:
 Upgrading:          1 package
 Replacing:          1 package

Total size of inbound packages is 6 KiB. Need to download 6 KiB.
After this operation, 0 B extra will be used (install 4 B, remove 4 B).
Operation aborted by the user.
status 1
`,

  DNF5_DOWNGRADE: `Updating and loading repositories:
 Local libdnf5 plugin repo (nogpgcheck) 100% |   0.0   B/s |   1.5 KiB |  00m00s
Repositories loaded.
Package                                                 Arch   Version                       Repository                 Size
Downgrading:
 hello                                                  noarch 0:1.0-1                       _dnf_local_nogpgcheck   4.0   B
   replacing hello                                      noarch 0:1.1-1                       b                       4.0   B
Installing:
 hello-a-name-that-is-far-too-long-for-the-table-of-dnf noarch 0:2.0.0.0.0.0.0.0.0.0.0.0.1-1 b                      26.0   B

Transaction Summary:
 Installing:         1 package
 Replacing:          1 package
 Downgrading:        1 package

Total size of inbound packages is 12 KiB. Need to download 12 KiB.
After this operation, 26 B extra will be used (install 30 B, remove 4 B).
Operation aborted by the user.
status 1
`,

  DNF5_OBSOLETE: `Updating and loading repositories:
 Local libdnf5 plugin repo (nogpgcheck) 100% |   0.0   B/s |   1.5 KiB |  00m00s
Repositories loaded.
Package             Arch   Version Repository                 Size
Installing:
 hello2             noarch 2:2.0-1 _dnf_local_nogpgcheck   4.0   B
   replacing hello3 noarch 0:1.0-1 @commandline            4.0   B

Transaction Summary:
 Installing:         1 package
 Replacing:          1 package

Total size of inbound packages is 6 KiB. Need to download 6 KiB.
After this operation, 0 B extra will be used (install 4 B, remove 4 B).
Operation aborted by the user.
status 1
`,

  DNF5_REMOVE: `Package Arch   Version Repository      Size
Removing:
 hello  noarch 0:1.0-1 a            4.0   B
Removing unused dependencies:
 greet  noarch 0:1.0-1 a            4.0   B

Transaction Summary:
 Removing:           2 packages

After this operation, 8 B will be freed (install 0 B, remove 8 B).
Operation aborted by the user.
status 1
`,

  DNF5_GROUP: `Updating and loading repositories:
 Local libdnf5 plugin repo (nogpgcheck) 100% |   0.0   B/s |   1.5 KiB |  00m00s
Repositories loaded.
Package "hello-1.0-1.noarch" is already installed.
Package "hello2-2:2.0-1.noarch" is already installed.

Package         Arch   Version Repository      Size
Installing groups:
 Greeting Tools                                    

Transaction Summary:

After this operation, 0 B extra will be used (install 0 B, remove 0 B).
Operation aborted by the user.
status 1
`,

  DNF5_NOTHING: `Updating and loading repositories:
 Local libdnf5 plugin repo (nogpgcheck) 100% | 377.4 KiB/s |   2.3 KiB |  00m00s
Repositories loaded.
Package "hello-1.0-1.noarch" is already installed.

Nothing to do.
status 0
`,

  DNF5_MISSING: `Updating and loading repositories:
 Local libdnf5 plugin repo (nogpgcheck) 100% | 504.2 KiB/s |   1.5 KiB |  00m00s
Repositories loaded.
Failed to resolve the transaction:
Package "hello-1.0-1.noarch" is already installed.
No match for argument: nope
You can try to add to command line:
  --skip-unavailable to skip unavailable packages
status 1
`,

  DNF5_BROKEN: `Updating and loading repositories:
 Local libdnf5 plugin repo (nogpgcheck) 100% |   0.0   B/s |   1.5 KiB |  00m00s
Repositories loaded.
Failed to resolve the transaction:
Package "hello2-2:2.0-1.noarch" is already installed.
Problem: conflicting requests
  - nothing provides nowhere needed by broken-1-1.noarch from b
You can try to add to command line:
  --skip-broken to skip uninstallable packages
status 1
`,

  YUM3_INSTALL: `Loaded plugins: fastestmirror
Resolving Dependencies
--> Running transaction check
---> Package hello.noarch 0:1.1-1 will be installed
--> Processing Dependency: greet for package: hello-1.1-1.noarch
--> Finished Dependency Resolution

Dependencies Resolved

================================================================================
 Package          Arch              Version               Repository       Size
================================================================================
Installing:
 hello            noarch            1.1-1                 b               6.0 k
Updating:
 hello2           noarch            2:2.0-1               b               6.1 k
Installing for dependencies:
 a-name-that-is-far-too-long-for-the-table-of-yum
                  noarch            1.0-1                 a               6.0 k

Transaction Summary
================================================================================
Install  1 Package (+1 Dependent package)

Exiting on user command
Your transaction was saved, rerun it with:
 yum load-transaction /tmp/yum_save_tx.2026-11-23.12-00.abc.yumtx
status 1
`,

  YUM3_MISSING: `Loaded plugins: fastestmirror
No package nope available.
Error: Nothing to do
status 1
`,
} as const
