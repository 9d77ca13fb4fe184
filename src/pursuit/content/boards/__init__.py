"""Map files and specs of generated boards, compiled to boards."""
