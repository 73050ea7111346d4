"""Swift3, for the tests of playbooks/swift-s3."""
