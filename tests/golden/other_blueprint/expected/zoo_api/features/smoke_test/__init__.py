"""Ensure builder functional"""
